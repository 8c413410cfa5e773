// assert() is part of the language: see cuda.h.
#pragma once
