namespace Refused.YieldReturn;

class A { static System.Collections.IEnumerable F() { yield return 1; } }
