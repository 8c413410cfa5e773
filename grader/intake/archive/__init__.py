"""Archives of hand-ins, read as hostile: nothing is extracted to disk, no size in them is believed.

    with archive.opened(file, "class.zip") as found:
        for entry in found.entries():
            data = found.read(entry, limit)

``zipped`` reads zip; ``tarball`` reads tar, over ``streams``, which unpacks .gz, .bz2 and .xz; ``own`` looks
into the small archive that one student handed in.
"""

from .entry import CLASS, Archive, Bounds, Entry
from .opening import opened
from .own import unpack

__all__ = ["CLASS", "Archive", "Bounds", "Entry", "opened", "unpack"]
