using System;
using System.Collections.Generic;
using System.Security.Cryptography;
using MeshIoT.Crypto;

namespace MeshIoT.Disco;

/// <summary>
/// Path discovery without sockets, clocks or threads: answers the pings of known peers, and pings the peers we talk to wherever
/// they may be, so that their pongs say where they are. data-plane.md section 2.
///
/// What an attacker can do is bounded by three rules. Nothing is computed for a sender that the netmap does not know, nor beyond
/// <see cref="DiscoLimits"/>. A pong is smaller than the ping it answers and goes where that came from, so nothing is amplified. And
/// an endpoint counts only when it answers a transaction that was sent to it, sealed by the key it was sent to: whoever cannot
/// open our ping cannot turn a peer's packets aside.
///
/// One thread at a time. Times are milliseconds of a clock that never goes back. An opened or sealed box costs a few small
/// allocations; a data packet (<see cref="Want"/>) costs none.
/// </summary>
public sealed partial class DiscoDevice : IDisposable
{
    /// <summary>Endpoints of a peer that were learned from its pings; the one unheard for longest gives way.</summary>
    public const int MostLearned = 4;

    /// <summary>Endpoints of a peer that are taken from its call-me-maybe.</summary>
    public const int MostCalled = 32;

    const int LongestMessage = DiscoDatagram.MessageHeaderSize + (MostCalled * DiscoDatagram.EndpointSize);

    readonly RandomSource random;
    readonly NodePublicKey self;
    readonly DiscoPublicKey publicKey;
    readonly DiscoHost host;
    readonly DiscoLimits limits;
    readonly DiscoPace pace;
    readonly SecretCache secrets;
    readonly List<DiscoPeer> peers = [];
    readonly Dictionary<TransactionId, Candidate> transactions = [];
    readonly long[] drops = new long[(int)DiscoFault.UnaskedPong + 1];
    readonly byte[] plain, message = new byte[LongestMessage], output = new byte[DiscoDatagram.HeaderSize + NaClBox.TagSize + LongestMessage];
    TokenBucket opens, newSenders;
    long nextWakeMs = DiscoPeer.Off;

    /// <summary>A device for one node. The key stays the caller's and must outlive the device.</summary>
    public DiscoDevice(CryptoSuite suite, RandomSource random, DiscoPrivateKey key, NodePublicKey self, DiscoHost host, DiscoLimits? limits = null, DiscoPace? pace = null)
    {
        this.random = random;
        this.self = self;
        this.host = host;
        this.limits = limits ?? new DiscoLimits();
        this.pace = pace ?? DiscoPace.Default;
        publicKey = key.PublicKey;
        secrets = new SecretCache(suite, key, this.limits);
        plain = new byte[this.limits.LongestDatagram];
        opens = new TokenBucket(this.limits.OpensPerSecond, this.limits.OpensPerSecond);
        newSenders = new TokenBucket(this.limits.SecretsPerSecond, this.limits.SecretsPerSecond);
    }

    /// <summary>When <see cref="Poll"/> has something to do; <see cref="long.MaxValue"/> while nobody is talked to.</summary>
    public long NextWakeMs => nextWakeMs;

    /// <summary>Boxes that were opened, or tried to be.</summary>
    public long Opened { get; private set; }

    /// <summary>Shared secrets that were computed.</summary>
    public long SecretsComputed => secrets.Computed;

    /// <summary>Shared secrets that are kept.</summary>
    public int SecretsKept => secrets.Count;

    /// <summary>Pings sent.</summary>
    public long PingsSent { get; private set; }

    /// <summary>Pongs sent.</summary>
    public long PongsSent { get; private set; }

    /// <summary>Call-me-maybes sent.</summary>
    public long CallsSent { get; private set; }

    /// <summary>Pings that wait for an answer, at most two for each endpoint of each peer.</summary>
    public int OpenTransactions => transactions.Count;

    /// <summary>How many datagrams were not obeyed for a reason.</summary>
    public long DropCount(DiscoFault fault) => drops[(int)fault];

    /// <summary>Wipes every secret and forgets every peer.</summary>
    public void Dispose()
    {
        foreach (DiscoPeer peer in peers)
        {
            peer.IsRemoved = true;
        }

        peers.Clear();
        trials.Clear();
        transactions.Clear();
        secrets.Dispose();
        CryptographicOperations.ZeroMemory(plain);
        nextWakeMs = DiscoPeer.Off;
    }

    // Seals what lies in the message buffer; the datagram lies in the output buffer then.
    ReadOnlySpan<byte> Seal(Correspondent to, int length)
    {
        DiscoDatagram.Magic.CopyTo(output);
        publicKey.CopyTo(output.AsSpan(DiscoDatagram.SenderAt));
        random.Fill(output, DiscoDatagram.NonceAt, NaClBox.NonceSize);
        NaClBox.Seal(to.Secret, output, DiscoDatagram.NonceAt, message, 0, length, output, DiscoDatagram.HeaderSize);
        return output.AsSpan(0, DiscoDatagram.HeaderSize + NaClBox.TagSize + length);
    }
}
