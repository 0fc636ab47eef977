using System;
using MeshIoT.Crypto;

namespace MeshIoT.Node.Session;

/// <summary>Which coordinator to talk to, as whom, and which key it must hold.</summary>
/// <param name="LoginServer">Its URL.</param>
/// <param name="MachineKey">This machine's key; owned by the node.</param>
/// <param name="PinnedServerKey">The key known from an earlier login; null: fetch it, and ask <paramref name="AcceptServerKey"/>.</param>
/// <param name="AcceptServerKey">Judges a fetched key by the pin of the QR code; null: trust the first one.</param>
internal sealed record CoordinatorAddress(
    Uri LoginServer, MachinePrivateKey MachineKey, MachinePublicKey? PinnedServerKey, Predicate<MachinePublicKey>? AcceptServerKey);
