using System;
using System.Collections.Generic;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Threading;
using System.Threading.Tasks;

#pragma warning disable CS0067, CS0169, CS0414, CS0649, CA1822, IDE0051, SYSLIB1054, CA2101, CA5392
namespace MeshIoT.PortableGate.Tests;

/// <summary>One small class per thing portable code must not contain. Never run: read as IL by the gate's own tests.</summary>
internal static class Offenders
{
    internal enum Colour
    {
        Red,
    }

    class GenericClass<T>
    {
    }

    class GenericMethod
    {
        static object Id<T>(T x) => x!;
    }

    class GenericCall
    {
        static int[] Run() => Array.Empty<int>();
    }

    class GenericField
    {
        List<int>? list;
    }

    class GenericInterface : IEquatable<GenericInterface>
    {
        public bool Equals(GenericInterface? other) => true;
    }

    class NullableValue
    {
        static int? Run(int x) => x > 0 ? x : null;
    }

    class Tuple
    {
        static (int, int) Run() => (1, 2);
    }

    class SpanUse
    {
        static int Run(byte[] d) => d.AsSpan(1).Length;
    }

    class Utf8Literal
    {
        static int Run() => "abc"u8.Length;
    }

    class GenericDelegate
    {
        static int Run(Func<int> f) => f();
    }

    class Iterator
    {
        static System.Collections.IEnumerable Run()
        {
            yield return 1;
        }
    }

    class Async
    {
        static async void Run() => await Task.Yield();
    }

    class Event
    {
        event AsyncCallback? Changed;
    }

    class TwoDimensions
    {
        static int Run() => new int[2, 3].Length;
    }

    class TwoDimensionalField
    {
        byte[,]? field;
    }

    class CheckedSum
    {
        static int Run(int x) => checked(x + 1);
    }

    class CheckedConversion
    {
        static byte Run(int x) => checked((byte)x);
    }

    unsafe class StackAlloc
    {
        static byte Run()
        {
            byte* p = stackalloc byte[4];
            return p[0];
        }
    }

    unsafe class Fixed
    {
        static byte Run(byte[] d)
        {
            fixed (byte* p = d)
            {
                return p[0];
            }
        }
    }

    unsafe class PointerParameter
    {
        static void Run(int* p)
        {
        }
    }

    unsafe class FunctionPointer
    {
        static int Run(delegate*<int> f) => f();
    }

    interface IDefaultMethod
    {
        int Run() => 1;
    }

    interface IStaticAbstract
    {
        static abstract int Run();
    }

    class VolatileField
    {
        volatile int field;
    }

    class VolatileRead
    {
        static volatile bool stop;

        static bool Run() => stop;
    }

    class EnumToString
    {
        static string Run(Colour c) => c.ToString();
    }

    class EnumInterpolated
    {
        static string Run(Colour c) => string.Concat("is ", (object)c);
    }

    class ExternMethod
    {
        [DllImport("libc")]
        static extern int getpid();
    }

    class ManyLocals
    {
        static void Touch(ref int x) => x++;

        static void Run()
        {
            int a0 = 0, a1 = 1, a2 = 2, a3 = 3, a4 = 4, a5 = 5, a6 = 6, a7 = 7, a8 = 8, a9 = 9, a10 = 10, a11 = 11, a12 = 12, a13 = 13, a14 = 14, a15 = 15, a16 = 16, a17 = 17, a18 = 18, a19 = 19, a20 = 20, a21 = 21, a22 = 22, a23 = 23, a24 = 24, a25 = 25, a26 = 26, a27 = 27, a28 = 28, a29 = 29, a30 = 30, a31 = 31, a32 = 32, a33 = 33;
            int a34 = 0, a35 = 1, a36 = 2, a37 = 3, a38 = 4, a39 = 5, a40 = 6, a41 = 7, a42 = 8, a43 = 9, a44 = 10, a45 = 11, a46 = 12, a47 = 13, a48 = 14, a49 = 15, a50 = 16, a51 = 17, a52 = 18, a53 = 19, a54 = 20, a55 = 21, a56 = 22, a57 = 23, a58 = 24, a59 = 25, a60 = 26, a61 = 27, a62 = 28, a63 = 29, a64 = 30, a65 = 31, a66 = 32, a67 = 33;
            int a68 = 0, a69 = 1, a70 = 2, a71 = 3, a72 = 4, a73 = 5, a74 = 6, a75 = 7, a76 = 8, a77 = 9, a78 = 10, a79 = 11, a80 = 12, a81 = 13, a82 = 14, a83 = 15, a84 = 16, a85 = 17, a86 = 18, a87 = 19, a88 = 20, a89 = 21, a90 = 22, a91 = 23, a92 = 24, a93 = 25, a94 = 26, a95 = 27, a96 = 28, a97 = 29, a98 = 30, a99 = 31, a100 = 32;
            Touch(ref a0); Touch(ref a1); Touch(ref a2); Touch(ref a3); Touch(ref a4); Touch(ref a5); Touch(ref a6); Touch(ref a7); Touch(ref a8); Touch(ref a9);
            Touch(ref a10); Touch(ref a11); Touch(ref a12); Touch(ref a13); Touch(ref a14); Touch(ref a15); Touch(ref a16); Touch(ref a17); Touch(ref a18); Touch(ref a19);
            Touch(ref a20); Touch(ref a21); Touch(ref a22); Touch(ref a23); Touch(ref a24); Touch(ref a25); Touch(ref a26); Touch(ref a27); Touch(ref a28); Touch(ref a29);
            Touch(ref a30); Touch(ref a31); Touch(ref a32); Touch(ref a33); Touch(ref a34); Touch(ref a35); Touch(ref a36); Touch(ref a37); Touch(ref a38); Touch(ref a39);
            Touch(ref a40); Touch(ref a41); Touch(ref a42); Touch(ref a43); Touch(ref a44); Touch(ref a45); Touch(ref a46); Touch(ref a47); Touch(ref a48); Touch(ref a49);
            Touch(ref a50); Touch(ref a51); Touch(ref a52); Touch(ref a53); Touch(ref a54); Touch(ref a55); Touch(ref a56); Touch(ref a57); Touch(ref a58); Touch(ref a59);
            Touch(ref a60); Touch(ref a61); Touch(ref a62); Touch(ref a63); Touch(ref a64); Touch(ref a65); Touch(ref a66); Touch(ref a67); Touch(ref a68); Touch(ref a69);
            Touch(ref a70); Touch(ref a71); Touch(ref a72); Touch(ref a73); Touch(ref a74); Touch(ref a75); Touch(ref a76); Touch(ref a77); Touch(ref a78); Touch(ref a79);
            Touch(ref a80); Touch(ref a81); Touch(ref a82); Touch(ref a83); Touch(ref a84); Touch(ref a85); Touch(ref a86); Touch(ref a87); Touch(ref a88); Touch(ref a89);
            Touch(ref a90); Touch(ref a91); Touch(ref a92); Touch(ref a93); Touch(ref a94); Touch(ref a95); Touch(ref a96); Touch(ref a97); Touch(ref a98); Touch(ref a99);
            Touch(ref a100);
        }
    }

    class Clock
    {
        static long Run() => DateTime.UtcNow.Ticks;
    }

    class BlockCopy
    {
        static void Run(byte[] d) => Buffer.BlockCopy(d, 0, d, 1, 2);
    }

    class StringReplace
    {
        static string Run(string s) => s.Replace('a', 'b');
    }

    class ArrayClone
    {
        static object Run(byte[] d) => d.Clone();
    }

    class LongMaximum
    {
        static long Run(long x) => Math.Max(x, 1);
    }

    class Lock
    {
        static void Run(object o)
        {
            lock (o)
            {
            }
        }
    }

    class Socket
    {
        static int Run() => new UdpClient().Available;
    }

    class DecimalField
    {
        decimal field;
    }

    class DoubleArithmetic
    {
        static double Run(double x) => x * 2;
    }

    class CatchesForeign
    {
        static void Run(byte[] d)
        {
            try
            {
                d[0]++;
            }
            catch (TimeoutException)
            {
            }
        }
    }
}
