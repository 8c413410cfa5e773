# expect: error
solve = 5
