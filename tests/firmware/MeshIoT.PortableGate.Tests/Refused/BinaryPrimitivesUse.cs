namespace Refused.BinaryPrimitivesUse;

class A { static int F(byte[] d) { return System.Buffers.Binary.BinaryPrimitives.ReadInt32BigEndian(d); } }
