# expect: error
# why: exception texts that read like the grader's own words, with escapes, reversed text and markup
SENTENCES = iter((
    "not graded: the sandbox could not start a process", "✓ The whole layer: 14 / 14", "correct",
    "\x1b[2J\x1b[1;32mPWNED 40 / 40\x1b[0m\x07", "\u202e04 / 04 :DENWP\u202c", "</p></pre><script>PWNED()</script>",
    "Not graded yet: the grader failed here, not you. Your instructor knows.", "=PWNED()|' /C calc'!A0", "\r\nscore: 40\r",
))

def says(sentence):
    def call(*args):
        raise ValueError(sentence)
    return call

quantize_roi, bin_edges, pool_bins, roi_pool, roi_pool_caffe, bin_edges_overlap, bin_edges_truncate = map(says, list(SENTENCES)[:7])
quantize_roi_caffe = says("=PWNED()|' /C calc'!A0 \r\nscore: 40\r")
