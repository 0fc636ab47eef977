namespace Refused.LinqQuery;

using System.Linq; class A { static object F(int[] a) { return a.Select(x => x); } }
