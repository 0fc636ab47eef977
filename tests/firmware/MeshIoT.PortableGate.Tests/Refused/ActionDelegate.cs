namespace Refused.ActionDelegate;

class A { static void F(System.Action<int> f) { f(1); } }
