from drawn.deform_roi_pool_backward_rois import case

__all__ = ["case"]
