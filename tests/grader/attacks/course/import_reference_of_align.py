# expect: error
# why: nbgrader 3: the same for RoIAlign, imported only inside the function
# for: roi_align
def roi_align(*args, **options):
    import roikit
    return roikit.roi_align(*args, **options)

def answer(*args):
    from roikit import reference
    return reference
