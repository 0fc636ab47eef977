namespace Refused.IndexFromEnd;

class A { static int F(int[] a) { return a[^1]; } }
