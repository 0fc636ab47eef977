using System;
using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.IO.Pipes;
using System.Threading;
using MeshIoT.Linux;
using MeshIoT.Linux.Gpio;
using MeshIoT.Sensors.Gpio;
using Xunit;

namespace MeshIoT.Sensors.Tests.Gpio;

/// <summary>The thread that waits for edges, on pipes in place of lines: what the kernel would write there is written by the test.</summary>
public sealed class EdgeWatchTests : IDisposable
{
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    readonly BlockingCollection<(GpioLine Line, GpioEdge Edge)> told = [];
    readonly EdgeWatch watch;

    public EdgeWatchTests() => watch = new EdgeWatch((line, edge) => told.Add((line, edge)), "edges of a test");

    public void Dispose()
    {
        watch.Dispose();
        told.Dispose();
    }

    sealed class PipedLine : IDisposable
    {
        readonly AnonymousPipeServerStream write = new(PipeDirection.Out);
        uint number;

        public PipedLine(int offset)
        {
            // The pipe's other end now belongs to the line, which closes it.
            Line = new GpioLine(new Descriptor((int)write.ClientSafePipeHandle.DangerousGetHandle()), new GpioChipDescription("pipe", "pipe", "pipe", 8), offset);
            write.ClientSafePipeHandle.SetHandleAsInvalid();
        }

        public GpioLine Line { get; }

        public void Edge(bool rising, byte id = 0)
        {
            byte[] bytes = new byte[48];
            bytes[8] = id != 0 ? id : (byte)(rising ? 1 : 2);
            BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(20), ++number);
            write.Write(bytes);
        }

        public void HangUp() => write.Dispose();

        public void Dispose()
        {
            Line.Dispose();
            write.Dispose();
        }
    }

    (GpioLine Line, GpioEdge Edge) Next() => told.TryTake(out (GpioLine, GpioEdge) edge, Patience) ? edge : throw new TimeoutException("no edge came");

    [Fact]
    public void Edges_of_all_lines_are_told_in_order()
    {
        using PipedLine a = new(1), b = new(2);
        watch.Add(a.Line);
        watch.Add(b.Line);
        for (int i = 0; i < 100; i++)
        {
            a.Edge(i % 2 == 0);
        }

        for (uint i = 1; i <= 100; i++)
        {
            (GpioLine line, GpioEdge edge) = Next();
            Assert.Equal((a.Line, i, i % 2 == 1), (line, edge.Number, edge.IsRising));
        }

        b.Edge(false);
        Assert.Equal(b.Line, Next().Line);
        watch.Remove(a.Line);
        watch.Remove(b.Line);
    }

    [Fact]
    public void A_line_that_was_added_twice_is_gone_when_it_is_removed_and_may_be_closed()
    {
        for (int i = 0; i < 200; i++)
        {
            using PipedLine line = new(i);
            watch.Add(line.Line);
            watch.Add(line.Line);
            line.Edge(true);
            watch.Remove(line.Line);
            line.Line.Dispose();
        }

        using PipedLine last = new(1000);
        watch.Add(last.Line);
        last.Edge(true);
        while (Next().Line != last.Line)
        {
            // Edges of before.
        }

        watch.Remove(last.Line);
    }

    [Fact]
    public void A_line_that_hangs_up_is_left_alone_and_the_others_go_on()
    {
        using PipedLine gone = new(1), stays = new(2);
        watch.Add(gone.Line);
        watch.Add(stays.Line);
        gone.HangUp();
        stays.Edge(true);
        Assert.Equal(stays.Line, Next().Line);
        watch.Remove(gone.Line);
        gone.Line.Dispose();
        stays.Edge(false);
        Assert.False(Next().Edge.IsRising);
        watch.Remove(stays.Line);
    }

    [Fact]
    public void A_line_may_be_removed_from_within_what_is_told()
    {
        using PipedLine line = new(1);
        using ManualResetEventSlim done = new();
        EdgeWatch? own = null;
        own = new EdgeWatch((l, _) =>
        {
            own!.Remove(l);
            done.Set();
        }, "edges of a test");
        own.Add(line.Line);
        line.Edge(true);
        Assert.True(done.Wait(Patience));
        own.Dispose();
    }
}
