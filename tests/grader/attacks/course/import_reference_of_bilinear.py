# expect: error
# why: nbgrader 3: the same for bilinear interpolation, searched for in every folder there is
# for: bilinear
import importlib.util
import os

def neighbours(*args):
    for folder, folders, files in os.walk("/"):
        folders[:] = set(folders) - {"proc", "sys"}
        for file in files:
            if "bilinear_interpolate" in file:
                spec = importlib.util.spec_from_file_location(file.split(".")[0], os.path.join(folder, file))
                module = importlib.util.module_from_spec(spec)
                spec.loader.exec_module(module)
                return getattr(module, module.__name__.strip("_"))(*args)
    return __import__("roikit").neighbours(*args)
