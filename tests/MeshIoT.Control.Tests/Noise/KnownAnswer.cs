using System;
using MeshIoT.Crypto;

namespace MeshIoT.Control.Tests;

/// <summary>The ts2021 vector of control-plane.md section 10, which Tailscale's own code reproduces.</summary>
internal static class KnownAnswer
{
    public const int Version = 138;

    public static readonly byte[] ServerPrivate = Hex("0002030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f60");
    public static readonly byte[] ServerPublic = Hex("07a37cbc142093c8b755dc1b10e86cb426374ad16aa853ed0bdfc0b2b86d1c7c");
    public static readonly byte[] MachinePrivate = Hex("2022232425262728292a2b2c2d2e2f303132333435363738393a3b3c3d3e3f40");
    public static readonly byte[] MachinePublic = Hex("5869aff450549732cbaaed5e5df9b30a6da31cb0e5742bad5ad4a1a768f1a67b");
    public static readonly byte[] ClientEphemeral = Hex("4042434445464748494a4b4c4d4e4f505152535455565758595a5b5c5d5e5f60");
    public static readonly byte[] ServerEphemeral = Hex("6062636465666768696a6b6c6d6e6f707172737475767778797a7b7c7d7e7f40");
    public static readonly byte[] FinalHash = Hex("3a0e2b0ae833a04f8e16eee143c2941a3778c3a8cae2d44b0e1e5693efccd5db");

    public static readonly byte[] Initiation = Hex(
        "008a01006064b101b1d0be5a8704bd078f9895001fc03e8e9f9522f188dd128d9846d48466"
        + "0806c371c2f5b89e49d5c606b01d6586a9712bf580bcfb3a6c2d1d66cc5a95918b3a1073772b991f4bd6fb128c061b4706c2caf09e17ba3cdc2ffb6f40e896f5");

    public const string HandshakeHeader =
        "AIoBAGBksQGx0L5ahwS9B4+YlQAfwD6On5Ui8YjdEo2YRtSEZggGw3HC9bieSdXGBrAdZYapcSv1gLz7OmwtHWbMWpWRizoQc3crmR9L1vsSjAYbRwbCyvCeF7o83C/7b0DolvU=";

    public static readonly byte[] Response = Hex("020030244fe3b963e899dd295baffce248d3530f3a9a7479ba063002680ebfe7adad49fb7ecfc421d1c938e45f76c9800e4cf0");

    /// <summary>"hello" from the client as record 0, 1 and 256.</summary>
    public static readonly (ulong Number, byte[] Record)[] Hello =
    [
        (0, Hex("040015b31929cb281c149e97e1e8212a4dd90a76c1a14985")),
        (1, Hex("040015f808261f8450735b42cdf983253ac44bf304119bad")),
        (256, Hex("04001544e57949262fcc579affb63351ef6b2f3d5d0cecbc")),
    ];

    /// <summary>ff ff ff 54 53 from the server as record 0.</summary>
    public static readonly byte[] ServerRecord = Hex("040015946cea560e58f96d04e66de3bdaeef277e53f2e3d5");

    public static byte[] Hex(string text) => Convert.FromHexString(text);

    public static Ts2021Initiator Initiator(CryptoSuite suite) => new(
        suite, MachinePrivateKey.FromBytes(MachinePrivate), MachinePublicKey.FromBytes(ServerPublic), ClientEphemeral, Version);

    public static Ts2021Acceptor Acceptor(CryptoSuite suite) => new(suite, new SystemRandomSource(), MachinePrivateKey.FromBytes(ServerPrivate));
}
