using System;

namespace MeshIoT.Sensors.Tests.Bus;

/// <summary>A file of 256 registers: the first byte written is the register, what follows goes into it and the next ones; a read goes on from there.</summary>
internal class RegisterChip : FakeChip
{
    readonly byte[] reset;
    byte pointer;

    /// <param name="reset">Registers after power-up.</param>
    public RegisterChip(params (byte At, byte[] Bytes)[] reset)
    {
        this.reset = new byte[256];
        foreach ((byte at, byte[] bytes) in reset)
        {
            bytes.CopyTo(this.reset, at);
        }

        Registers = (byte[])this.reset.Clone();
    }

    public byte[] Registers { get; }

    /// <summary>Told of each register written.</summary>
    public Action<byte, byte>? Written { get; set; }

    /// <summary>How a register's number follows from the byte that names it.</summary>
    public Func<byte, byte> Name { get; set; } = static b => b;

    public override void Write(ReadOnlySpan<byte> bytes)
    {
        for (int i = 0; i < bytes.Length; i++)
        {
            if (i == 0)
            {
                pointer = Name(bytes[0]);
            }
            else
            {
                Registers[pointer] = bytes[i];
                Written?.Invoke(pointer, bytes[i]);
                pointer++;
            }
        }
    }

    public override void Read(Span<byte> into)
    {
        foreach (ref byte b in into)
        {
            b = Registers[pointer++];
        }
    }

    public override void PowerCycle() => reset.CopyTo(Registers, 0);
}
