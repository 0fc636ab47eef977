namespace Refused.GenericList;

class A { System.Collections.Generic.List<int> x; }
