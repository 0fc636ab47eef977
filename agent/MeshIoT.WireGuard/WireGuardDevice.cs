using System;
using MeshIoT.Crypto;

namespace MeshIoT.WireGuard;

/// <summary>
/// A WireGuard interface without the interface: datagrams, packets and the time go in, datagrams and packets come out. It opens no
/// socket, reads no clock, starts no thread. WireGuard paper: https://www.wireguard.com/papers/wireguard.pdf.
///
/// The shell calls <see cref="Receive"/> for each datagram and <see cref="Send"/> for each packet of the host, obeys the result, then
/// calls <see cref="Poll"/> until it returns Done, and again when <see cref="NextWakeMs"/> has come. One thread at a time. Times are
/// milliseconds of a clock that never stops, not even in suspend; a step back counts as no time. No data packet costs an allocation
/// once a session is up.
/// </summary>
public sealed partial class WireGuardDevice
{
    readonly CryptoSuite suite;
    readonly RandomSource random;
    readonly TimestampSource timestamps;
    readonly DeviceLimits limits;
    readonly byte[] publicKey = new byte[ProtocolLimits.KeySize];
    readonly Handshake handshake;
    readonly CookieChecker cookies;
    readonly RateLimiter limiter;
    readonly IndexTable indexes;
    readonly PeerTable peers;
    readonly DeadlineHeap schedule = new DeadlineHeap();
    readonly long[] drops = new long[(int)DeviceFault.Closed + 1];
    readonly byte[] replyEndpoint = new byte[ProtocolLimits.EndpointSize];
    int mtu = 1280;
    long now;
    bool isClosed;

    /// <summary>A device with the default limits. The private key (32 bytes) is copied.</summary>
    public WireGuardDevice(CryptoSuite suite, RandomSource random, TimestampSource timestamps, byte[] privateKey)
        : this(suite, random, timestamps, privateKey, new DeviceLimits())
    {
    }

    /// <summary>A device with its own limits. The private key (32 bytes) is copied.</summary>
    public WireGuardDevice(CryptoSuite suite, RandomSource random, TimestampSource timestamps, byte[] privateKey, DeviceLimits limits)
    {
        if (suite == null || random == null || timestamps == null || limits == null)
        {
            throw new ArgumentException("a device needs a suite, a random source, a timestamp source and limits");
        }

        Bounds.CheckLength(privateKey, ProtocolLimits.KeySize);
        this.suite = suite;
        this.random = random;
        this.timestamps = timestamps;
        this.limits = limits;
        byte[] key = new byte[ProtocolLimits.KeySize];
        Array.Copy(privateKey, 0, key, 0, key.Length);
        suite.PublicKey(key, publicKey);
        handshake = new Handshake(suite, random, key, publicKey);
        cookies = new CookieChecker(random, publicKey);
        limiter = new RateLimiter(random, limits.RateLimiterEntries);
        indexes = new IndexTable(random);
        peers = new PeerTable(random);
        AllowedIPs = new AllowedIPs();
    }

    /// <summary>The static public key of this device, 32 bytes, a copy.</summary>
    public byte[] PublicKey
    {
        get
        {
            byte[] copy = new byte[publicKey.Length];
            Array.Copy(publicKey, 0, copy, 0, copy.Length);
            return copy;
        }
    }

    /// <summary>Which inner addresses belong to which peer.</summary>
    public AllowedIPs AllowedIPs { get; }

    /// <summary>Asked in place of <see cref="AllowedIPs"/>, and for keys that no peer of the device has; null by default.</summary>
    public PeerDirectory? Directory { get; set; }

    /// <summary>
    /// The public key (32 bytes) of the peer that sent what <see cref="Receive"/> is about to take, as a carrier that checked it says: a
    /// datagram of any other is dropped. Null, the default, where nobody says. Stays until it is set again.
    /// </summary>
    public byte[]? NamedSender { get; set; }

    /// <summary>Largest packet of the host's link, 68 to 65535, 1280 by default: padding does not go beyond it.</summary>
    public int Mtu
    {
        get => mtu;
        set
        {
            if (value < 68 || value > 65535)
            {
                throw new ArgumentException("an MTU has 68 to 65535 bytes");
            }

            mtu = value;
        }
    }

    /// <summary>When Poll has something to do next, in the caller's milliseconds; 0 means now, long.MaxValue that nothing is pending. Polling later is allowed.</summary>
    public long NextWakeMs
    {
        get
        {
            WireGuardPeer? first = schedule.Top();
            return first == null ? long.MaxValue : first.HeapKey;
        }
    }

    /// <summary>Bytes that the last call left in the output buffer.</summary>
    public int Written { get; private set; }

    /// <summary>Whom the last result concerns; null when the datagram's sender is not known.</summary>
    public WireGuardPeer? Peer { get; private set; }

    /// <summary>Where a SendToNetwork goes, 18 bytes, valid until the next call; null when the peer has no endpoint and the shell has to choose one.</summary>
    public byte[]? Endpoint { get; private set; }

    /// <summary>What a SendToNetwork contains.</summary>
    public MessageType SentType { get; private set; }

    /// <summary>Why the last call was Rejected; CookieRequired also when a cookie reply is to be sent.</summary>
    public DeviceFault LastFault { get; private set; }

    /// <summary>How many datagrams and packets were dropped for a reason, since the device was made.</summary>
    public long DropCount(DeviceFault fault) => (int)fault < 0 || (int)fault >= drops.Length ? 0 : drops[(int)fault];

    /// <summary>Makes the next handshake's ephemeral key in advance, for processors that need a second for it.</summary>
    public void PrepareEphemeral() => handshake.PrepareEphemeral();

    /// <summary>Removes all peers and wipes all keys. From then on everything is rejected as Closed.</summary>
    public void Wipe()
    {
        while (peers.Count > 0)
        {
            RemovePeer(peers.At(peers.Count - 1));
        }

        handshake.Wipe();
        cookies.Wipe();
        isClosed = true;
    }

    internal void Reschedule(WireGuardPeer peer)
    {
        if (!peer.IsRemoved)
        {
            schedule.Lower(peer);
        }
    }

    void Begin(long nowMs)
    {
        if (nowMs < 0)
        {
            throw new ArgumentException("the time is negative");
        }

        if (nowMs > now)
        {
            now = nowMs;
        }

        Written = 0;
        Peer = null;
        Endpoint = null;
        SentType = MessageType.None;
        LastFault = DeviceFault.None;
    }

    DeviceResult Reject(DeviceFault fault)
    {
        drops[(int)fault]++;
        LastFault = fault;
        Written = 0;
        return DeviceResult.Rejected;
    }

    /// <summary>The result for a datagram to a peer that lies in the output.</summary>
    DeviceResult SendTo(WireGuardPeer peer, MessageType type, int length)
    {
        peer.CountSent(1, length);
        Peer = peer;
        Endpoint = peer.Endpoint;
        SentType = type;
        Written = length;
        return DeviceResult.SendToNetwork;
    }
}
