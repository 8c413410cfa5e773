# expect: error
# why: results computed at home stand in the outputs, the code that should make them is a comment
# %% {"outputs": [{"output_type": "execute_result", "execution_count": 7, "metadata": {}, "data": {"text/plain": "array([[[[0.85, 0.84], [0.97, 0.96]]]])"}}], "execution_count": 7}
# def roi_pool(features, rois, output_size, spatial_scale): ran at home
# %% {"outputs": [{"output_type": "stream", "name": "stdout", "text": "✓ everything: 40 / 40"}]}
check("roi_pool")
