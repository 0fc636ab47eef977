namespace Refused.BlockCopy;

class A { static void F(byte[] d) { System.Buffer.BlockCopy(d, 0, d, 1, 1); } }
