// A kernel needs no header here; those that it may name are empty or add a little.
#pragma once
