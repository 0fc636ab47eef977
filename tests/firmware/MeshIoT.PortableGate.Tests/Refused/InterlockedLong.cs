namespace Refused.InterlockedLong;

class A { static long x; static long F() { return System.Threading.Interlocked.Increment(ref x); } }
