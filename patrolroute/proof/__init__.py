"""How much better a plan could possibly be: upper bounds that hold for every plan."""
