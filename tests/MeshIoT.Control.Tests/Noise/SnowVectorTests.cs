using System;
using System.IO;
using System.Linq;
using System.Text.Json;
using MeshIoT.Crypto;
using MeshIoT.Tests;
using Xunit;

namespace MeshIoT.Control.Tests;

/// <summary>Noise IK by a second implementation (shared vectors, noise/ik.json), handshake messages and hash; ts2021's record nonces differ from plain Noise.</summary>
public class SnowVectorTests
{
    [Fact]
    public void Every_IK_vector_without_preshared_key_is_reproduced()
    {
        using JsonDocument file = JsonDocument.Parse(File.ReadAllBytes(SharedVectors.PathOf("noise/ik.json")));
        int seen = 0;
        foreach (JsonElement vector in file.RootElement.GetProperty("vectors").EnumerateArray().Where(v => v.GetProperty("protocol_name").GetString() == NoiseHandshake.ProtocolName))
        {
            byte[] Bytes(string name) => Convert.FromHexString(vector.GetProperty(name).GetString()!);
            (byte[] Payload, byte[] Text)[] messages = [.. vector.GetProperty("messages").EnumerateArray()
                .Select(m => (Convert.FromHexString(m.GetProperty("payload").GetString()!), Convert.FromHexString(m.GetProperty("ciphertext").GetString()!)))];
            using NoiseHandshake initiator = NoiseHandshake.Initiator(new SodiumSuite(), Bytes("init_prologue"), Bytes("init_static"), Bytes("init_ephemeral"), Bytes("init_remote_static"));
            using NoiseHandshake responder = NoiseHandshake.Responder(new SodiumSuite(), Bytes("resp_prologue"), Bytes("resp_static"), Bytes("resp_ephemeral"));

            byte[] first = new byte[NoiseHandshake.InitiationSize + messages[0].Payload.Length];
            Assert.True(initiator.WriteInitiation(messages[0].Payload, first));
            Assert.Equal(messages[0].Text, first);
            Assert.True(responder.ReadInitiation(first, out byte[] payload));
            Assert.Equal(messages[0].Payload, payload);

            byte[] second = new byte[NoiseHandshake.ResponseSize + messages[1].Payload.Length];
            Assert.True(responder.WriteResponse(messages[1].Payload, second));
            Assert.Equal(messages[1].Text, second);
            Assert.True(initiator.ReadResponse(second, out payload));
            Assert.Equal(messages[1].Payload, payload);

            byte[] hash = vector.TryGetProperty("handshake_hash", out _) ? Bytes("handshake_hash") : initiator.HandshakeHash.ToArray();
            Assert.Equal(hash, initiator.HandshakeHash.ToArray());
            Assert.Equal(hash, responder.HandshakeHash.ToArray());

            // Record 0 is the same in both byte orders.
            byte[] record = new byte[messages[2].Text.Length + NoiseRecords.HeaderSize];
            initiator.Split().Seal(messages[2].Payload, 0, messages[2].Payload.Length, record, 0);
            Assert.Equal(messages[2].Text, record[NoiseRecords.HeaderSize..]);
            seen++;
        }

        Assert.True(seen > 0);
    }
}
