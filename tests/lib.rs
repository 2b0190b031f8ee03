//! Black-box tests of the whole service; they are in `api`, and nothing is here.
