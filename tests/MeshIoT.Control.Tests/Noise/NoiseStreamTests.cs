using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using MeshIoT.Crypto;
using MeshIoT.Tailcfg;
using Xunit;

namespace MeshIoT.Control.Tests;

/// <summary>The record layer over a stream: framing limits, one writer at a time, whatever the other side sends. control-plane.md sections 3.1 and 3.4.</summary>
public class NoiseStreamTests
{
    static CancellationToken Soon => new CancellationTokenSource(TimeSpan.FromSeconds(20)).Token;

    internal static (NoiseRecords Client, NoiseRecords Server) Keys()
    {
        using NoiseHandshake client = NoiseHandshake.Initiator(new SodiumSuite(), [], KnownAnswer.MachinePrivate, KnownAnswer.ClientEphemeral, KnownAnswer.ServerPublic);
        using NoiseHandshake server = NoiseHandshake.Responder(new SodiumSuite(), [], KnownAnswer.ServerPrivate, KnownAnswer.ServerEphemeral);
        byte[] message = new byte[NoiseHandshake.InitiationSize];
        client.WriteInitiation([], message);
        server.ReadInitiation(message, out _);
        server.WriteResponse([], message);
        client.ReadResponse(message.AsSpan(0, NoiseHandshake.ResponseSize), out _);
        return (client.Split(), server.Split());
    }

    static (NoiseStream Client, NoiseStream Server, Stream ClientWire, Stream ServerWire) Streams(bool early = false)
    {
        (Stream a, Stream b) = DuplexPipe.Create();
        (NoiseRecords client, NoiseRecords server) = Keys();
        return (new(a, client, default, early), new(b, server), a, b);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(NoiseRecords.MaxPlainSize)]
    [InlineData(NoiseRecords.MaxPlainSize + 1)]
    [InlineData(200_000)]
    public async Task What_one_side_writes_the_other_reads(int size)
    {
        (NoiseStream client, NoiseStream server, _, _) = Streams();
        byte[] sent = new byte[size], got = new byte[size];
        new Random(size).NextBytes(sent);
        Task writing = client.WriteAsync(sent, 0, size, Soon);
        await server.ReadExactlyAsync(got, Soon);
        await writing;
        Assert.Equal(sent, got);
        writing = server.WriteAsync(sent, 0, size, Soon);
        Array.Clear(got);
        await client.ReadExactlyAsync(got, Soon);
        await writing;
        Assert.Equal(sent, got);
    }

    [Fact]
    public async Task No_record_on_the_wire_is_longer_than_4096_bytes()
    {
        (NoiseStream client, _, _, Stream wire) = Streams();
        Task writing = client.WriteAsync(new byte[20_000], 0, 20_000, Soon);
        int text = 0;
        byte[] header = new byte[3], body = new byte[4096];
        while (text < 20_000)
        {
            await wire.ReadExactlyAsync(header, Soon);
            Assert.True(NoiseRecords.TryReadHeader(header, out int length));
            Assert.InRange(3 + length, 0, 4096);
            await wire.ReadExactlyAsync(body.AsMemory(0, length), Soon);
            text += length - 16;
        }

        await writing;
        Assert.Equal(20_000, text);
    }

    [Fact]
    public async Task Writers_do_not_mix_their_bytes()
    {
        (NoiseStream client, NoiseStream server, _, _) = Streams();
        const int Each = 9_000;
        Task writing = Task.WhenAll(Enumerable.Range(1, 8).Select(n => Task.Run(async () => await client.WriteAsync(Enumerable.Repeat((byte)n, Each).ToArray(), Soon), Soon)));
        byte[] got = new byte[8 * Each];
        await server.ReadExactlyAsync(got, Soon);
        await writing;
        for (int i = 0; i < got.Length; i += Each)
        {
            Assert.Single(got.AsSpan(i, Each).ToArray().Distinct());
        }
    }

    [Fact]
    public async Task Records_without_text_are_skipped_and_bytes_behind_the_handshake_are_kept()
    {
        (NoiseRecords client, NoiseRecords server) = Keys();
        byte[] wire = new byte[200];
        int length = server.Seal([], 0, 0, wire, 0);
        length += server.Seal([], 0, 0, wire, length);
        length += server.Seal("on"u8.ToArray(), 0, 2, wire, length);
        length += server.Seal("ward"u8.ToArray(), 0, 4, wire, length);
        NoiseStream stream = new(new MemoryStream(wire[(length - 10)..length]), client, wire.AsSpan(0, length - 10));
        Assert.Equal("onward", await new StreamReader(stream).ReadToEndAsync(Soon));
    }

    [Fact]
    public async Task A_cancelled_read_loses_nothing()
    {
        (NoiseStream client, NoiseStream server, _, _) = Streams();
        using CancellationTokenSource given = new();
        ValueTask<int> read = server.ReadAsync(new byte[10], given.Token);
        await given.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await read);
        await client.WriteAsync("still here"u8.ToArray(), Soon);
        byte[] got = new byte[10];
        await server.ReadExactlyAsync(got, Soon);
        Assert.Equal("still here"u8.ToArray(), got);
    }

    [Fact]
    public async Task The_end_between_records_is_an_end_and_within_one_a_fault()
    {
        (NoiseRecords client, NoiseRecords server) = Keys();
        byte[] wire = new byte[40];
        int length = server.Seal("x"u8.ToArray(), 0, 1, wire, 0);
        for (int cut = 0; cut <= length; cut++)
        {
            client.SkipTo(0);
            NoiseStream stream = new(new MemoryStream(wire[..cut]), client);
            byte[] got = new byte[9];
            if (cut == 0)
            {
                Assert.Equal(0, await stream.ReadAsync(got, Soon));
            }
            else if (cut < length)
            {
                NoiseException e = await Assert.ThrowsAsync<NoiseException>(async () => await stream.ReadAsync(got, Soon));
                Assert.Equal(NoiseFault.CutOff, e.Fault);
            }
            else
            {
                Assert.Equal(1, await stream.ReadAsync(got, Soon));
                Assert.Equal(0, await stream.ReadAsync(got, Soon));
            }
        }
    }

    [Theory]
    [InlineData(new byte[] { 4, 0x0f, 0xfe })] // 4094: one more than fits
    [InlineData(new byte[] { 4, 0xff, 0xff })]
    [InlineData(new byte[] { 4, 0, 15 })] // no room for a tag
    [InlineData(new byte[] { 4, 0, 0 })]
    [InlineData(new byte[] { 1, 0, 32 })]
    [InlineData(new byte[] { (byte)'H', (byte)'T', (byte)'T' })]
    public async Task A_header_that_no_record_has_is_fatal_at_once(byte[] header)
    {
        (NoiseStream client, _, _, Stream wire) = Streams();
        await wire.WriteAsync(header, Soon);
        NoiseException e = await Assert.ThrowsAsync<NoiseException>(async () => await client.ReadAsync(new byte[9], Soon));
        Assert.Equal(NoiseFault.BadRecord, e.Fault);
        await Assert.ThrowsAsync<NoiseException>(async () => await client.ReadAsync(new byte[9], Soon));
    }

    [Fact]
    public async Task Any_flipped_bit_is_fatal_and_stays_so()
    {
        (NoiseRecords client, NoiseRecords server) = Keys();
        byte[] wire = new byte[100];
        int length = server.Seal("21.5"u8.ToArray(), 0, 4, wire, 0);
        for (int bit = 0; bit < length * 8; bit++)
        {
            byte[] changed = wire[..length];
            changed[bit / 8] ^= (byte)(1 << (bit % 8));
            client.SkipTo(0);
            NoiseStream stream = new(new MemoryStream(changed), client);
            NoiseException first = await Assert.ThrowsAsync<NoiseException>(async () => await stream.ReadAsync(new byte[9], Soon));
            NoiseException second = await Assert.ThrowsAsync<NoiseException>(async () => await stream.ReadAsync(new byte[9], Soon));
            Assert.Equal(first.Fault, second.Fault);
        }
    }

    [Fact]
    public async Task Random_bytes_end_in_a_fault_and_in_nothing_else()
    {
        (NoiseRecords client, _) = Keys();
        Random random = new(99);
        for (int i = 0; i < 500; i++)
        {
            byte[] garbage = new byte[random.Next(1, 9000)];
            random.NextBytes(garbage);
            garbage[0] = random.Next(2) == 0 ? (byte)4 : garbage[0];
            client.SkipTo(0);
            await Assert.ThrowsAsync<NoiseException>(async () => await new NoiseStream(new MemoryStream(garbage), client, default, i % 2 == 0).ReadAsync(new byte[9000], Soon));
        }
    }

    [Fact]
    public async Task A_repeated_record_is_not_accepted()
    {
        (NoiseRecords client, NoiseRecords server) = Keys();
        byte[] wire = new byte[100];
        int length = server.Seal("once"u8.ToArray(), 0, 4, wire, 0);
        NoiseStream stream = new(new MemoryStream([.. wire[..length], .. wire[..length]]), client);
        Assert.Equal(4, await stream.ReadAsync(new byte[4], Soon));
        NoiseException e = await Assert.ThrowsAsync<NoiseException>(async () => await stream.ReadAsync(new byte[4], Soon));
        Assert.Equal(NoiseFault.RecordNotGenuine, e.Fault);
    }

    [Fact]
    public async Task After_a_write_that_failed_half_way_nothing_more_is_written()
    {
        (NoiseRecords client, _) = Keys();
        NoiseStream stream = new(new FailingStream(), client);
        await Assert.ThrowsAsync<IOException>(async () => await stream.WriteAsync(new byte[10], Soon));
        NoiseException e = await Assert.ThrowsAsync<NoiseException>(async () => await stream.WriteAsync(new byte[10], Soon));
        Assert.Equal(NoiseFault.BrokenWrite, e.Fault);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task An_early_payload_is_taken_out_and_its_absence_noticed(bool sent)
    {
        (NoiseStream client, NoiseStream server, _, _) = Streams(early: true);
        if (sent)
        {
            await server.WriteAsync(NoiseStream.FormatEarlyPayload(new EarlyNoise { NodeKeyChallenge = "chalpub:" + new string('7', 64) }), Soon);
        }

        byte[] settings = [0, 0, 0, 4, 0, 0, 0, 0, 0, 1, 2, 3];
        await server.WriteAsync(settings, Soon);
        byte[] got = new byte[settings.Length];
        await client.ReadExactlyAsync(got, Soon);
        Assert.Equal(settings, got);
        Assert.Equal(sent ? "chalpub:" + new string('7', 64) : null, client.Early?.NodeKeyChallenge);
    }

    [Fact]
    public async Task An_early_payload_that_is_not_JSON_is_dropped_and_a_huge_one_is_fatal()
    {
        (NoiseStream client, NoiseStream server, _, _) = Streams(early: true);
        await server.WriteAsync(new byte[] { 0xff, 0xff, 0xff, 0x54, 0x53, 0, 0, 0, 2, 0x7b, 0x7b, 9 }, Soon);
        byte[] got = new byte[1];
        await client.ReadExactlyAsync(got, Soon);
        Assert.Equal(9, got[0]);
        Assert.Null(client.Early);

        (client, server, _, _) = Streams(early: true);
        await server.WriteAsync(new byte[] { 0xff, 0xff, 0xff, 0x54, 0x53, 0x7f, 0xff, 0xff, 0xff }, Soon);
        NoiseException e = await Assert.ThrowsAsync<NoiseException>(async () => await client.ReadAsync(got, Soon));
        Assert.Equal(NoiseFault.EarlyPayloadTooLong, e.Fault);
    }

    [Fact]
    public async Task Reading_a_megabyte_allocates_no_buffers()
    {
        (NoiseRecords client, NoiseRecords server) = Keys();
        byte[] wire = new byte[4096 * 256];
        int length = 0;
        byte[] text = new byte[NoiseRecords.MaxPlainSize];
        while (length + 4096 <= wire.Length)
        {
            length += server.Seal(text, 0, text.Length, wire, length);
        }

        NoiseStream stream = new(new MemoryStream(wire, 0, length), client);
        byte[] got = new byte[64 * 1024];
        await stream.ReadAsync(got, Soon);
        CancellationToken soon = Soon;
        long before = GC.GetAllocatedBytesForCurrentThread();
        while (await stream.ReadAsync(got, soon) > 0)
        {
        }

        // A debug build allocates its state machines, about 230 bytes a read; a buffer per record would be 4096.
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 128 * 1024);
    }

    [Fact]
    public async Task Both_ends_of_ts2021_meet_through_the_acceptor()
    {
        using Ts2021Initiator client = KnownAnswer.Initiator(new SodiumSuite());
        (Stream a, Stream b) = DuplexPipe.Create();
        Ts2021Acceptance acceptance = KnownAnswer.Acceptor(new SodiumSuite()).Accept(Control.Ts2021.UpgradeProtocol, Convert.ToBase64String(client.Initiation));
        await using NoiseStream server = await acceptance.OpenAsync(b, new EarlyNoise { NodeKeyChallenge = "chalpub:1" }, Soon);
        byte[] received = new byte[4096];
        int count = await a.ReadAsync(received, Soon);
        Assert.Equal(NoiseFault.None, client.TryFinish(received.AsSpan(0, count), out NoiseRecords? records, out int consumed));
        await using NoiseStream stream = new(a, records!, received.AsSpan(consumed, count - consumed), expectEarlyPayload: true);
        await server.WriteAsync("settings!"u8.ToArray(), Soon);
        byte[] got = new byte[9];
        await stream.ReadExactlyAsync(got, Soon);
        Assert.Equal("settings!"u8.ToArray(), got);
        Assert.Equal("chalpub:1", stream.Early!.NodeKeyChallenge);
    }

    sealed class FailingStream : MemoryStream
    {
        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) => throw new IOException("gone");
    }
}
