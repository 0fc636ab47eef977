using System;
using System.Collections;
using System.Text;

namespace MeshIoT.PortableGate.Tests;

#pragma warning disable CS0649, CA1822, CA1305, CA2241, IDE0031
/// <summary>What portable code is made of, in one class: the gate must find nothing here. Never run.</summary>
internal sealed class AllowedSubset : IDisposable
{
    delegate int Transform(int x);

    enum State
    {
        Idle,
        Busy,
    }

    abstract class Source
    {
        public abstract void Fill(byte[] buffer, int offset, int length);
    }

    interface ISink
    {
        void Put(int x);
    }

    struct Pair
    {
        public int Left;
        public ulong Right;
    }

    sealed class OwnException(string message) : Exception(message);

    static readonly uint[] Table = new uint[] { 1, 2, 3, 4, 5, 6, 7, 8 };
    static readonly byte[][] Jagged = new byte[2][];

    readonly ArrayList list = new ArrayList();
    readonly Hashtable map = new Hashtable();
    Pair[] pairs = new Pair[4];
    State state;

    public int Count { get; private set; }

    public override string ToString() => "[redacted]";

    public void Dispose() => Array.Clear(Table, 0, Table.Length);

    ulong Arithmetic(ulong x, int n) => unchecked(((x << n) | (x >> (64 - n))) * 0x9E3779B97F4A7C15) / 3 % 7;

    byte[] Copy(byte[] d)
    {
        byte[] copy = new byte[d.Length];
        Array.Copy(d, 0, copy, 0, d.Length);
        return Array.IndexOf(d, (object)(byte)3) < 0 ? copy : d;
    }

    uint Read(byte[] d) => BitConverter.ToUInt32(d, 0) ^ BitConverter.ToUInt16(d, Math.Min(4, d.Length));

    void ByReference(ref int a, out Pair p)
    {
        a++;
        p = default;
        p.Left = pairs[a].Left;
        pairs[0] = p;
    }

    int Lambda(int y)
    {
        Transform add = x => x + y;
        return add(Local(2));
        static int Local(int z) => z * 2;
    }

    string Text(string name, int value) => "a" + name + ((int)state).ToString() + value.ToString("X8") + Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(name), 0, 1);

    int Patterns(object o, int x) => o is byte[] { Length: > 3 } bytes ? bytes[0] : x switch { < 0 => 1, 0 or 1 => 2, _ => (int)State.Busy };

    int Words(string s)
    {
        switch (s)
        {
            case "idle": return 0;
            case "busy": return 1;
            case "open": return 2;
            case "shut": return 3;
            case "wait": return 4;
            case "stop": return 5;
            case "halt": return 6;
            default: return Jagged.Length;
        }
    }

    int Collections()
    {
        list.Add("x");
        map["k"] = this;
        int n = 0;
        for (int i = 0; i < list.Count; i++)
        {
            n += ((string)list[i]!).Length;
        }

        foreach (byte b in new byte[3])
        {
            n += b;
        }

        return n + map.Count;
    }

    void Faults(Source source, ISink sink, byte[] d)
    {
        try
        {
            source.Fill(d, 0, d.Length);
            sink.Put(1);
        }
        catch (InvalidOperationException e) when (e.Message.Length > 3)
        {
            throw new OwnException("no " + e.Message);
        }
        finally
        {
            Count++;
        }

        using (AllowedSubset other = new AllowedSubset())
        {
            other.state = State.Busy;
        }

        throw new ArgumentException("never");
    }
}
