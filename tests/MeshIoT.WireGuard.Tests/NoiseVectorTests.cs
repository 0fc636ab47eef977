using System;
using System.IO;
using System.Linq;
using System.Text.Json;
using MeshIoT.Crypto;
using MeshIoT.Tests;
using Xunit;

namespace MeshIoT.WireGuard.Tests;

/// <summary>Noise_IKpsk2_25519_ChaChaPoly_BLAKE2s as cacophony made it (shared vectors, noise/ik.json): another prologue and real payloads on the same state.</summary>
public class NoiseVectorTests
{
    [Fact]
    public void The_symmetric_state_reproduces_the_IKpsk2_vectors()
    {
        using JsonDocument file = JsonDocument.Parse(File.ReadAllText(SharedVectors.PathOf("noise/ik.json")));
        JsonElement[] vectors = file.RootElement.GetProperty("vectors").EnumerateArray()
            .Where(v => v.GetProperty("protocol_name").GetString() == "Noise_IKpsk2_25519_ChaChaPoly_BLAKE2s").ToArray();
        Assert.NotEmpty(vectors);
        foreach (JsonElement vector in vectors)
        {
            foreach (CryptoSuite suite in new CryptoSuite[] { new PortableSuite(), new SodiumSuite() })
            {
                Reproduce(vector, suite);
            }
        }
    }

    static void Reproduce(JsonElement vector, CryptoSuite suite)
    {
        byte[] Field(string name) => Convert.FromHexString(vector.GetProperty(name).GetString()!);
        byte[] Message(int index, string name) => Convert.FromHexString(vector.GetProperty("messages")[index].GetProperty(name).GetString()!);
        byte[] Shared(byte[] ours, byte[] theirs)
        {
            byte[] secret = new byte[32];
            Assert.True(suite.SharedSecret(ours, theirs, secret));
            return secret;
        }

        byte[] Public(byte[] key)
        {
            byte[] output = new byte[32];
            suite.PublicKey(key, output);
            return output;
        }

        byte[] si = Field("init_static"), ei = Field("init_ephemeral"), er = Field("resp_ephemeral");
        byte[] responder = Field("init_remote_static"), psk = Convert.FromHexString(vector.GetProperty("init_psks")[0].GetString()!);
        byte[] first = new byte[32 + 48 + Message(0, "payload").Length + 16], second = new byte[32 + Message(1, "payload").Length + 16];

        var noise = new NoiseState();
        noise.Start(Field("init_prologue"), responder);
        Public(ei).CopyTo(first, 0);
        noise.MixEphemeral(first, 0);
        noise.MixKey(Shared(ei, responder));
        noise.SealAndHash(Public(si), 0, 32, first, 32);
        noise.MixKey(Shared(si, responder));
        noise.SealAndHash(Message(0, "payload"), 0, Message(0, "payload").Length, first, 80);
        Assert.Equal(Message(0, "ciphertext"), first);

        Public(er).CopyTo(second, 0);
        noise.MixEphemeral(second, 0);
        noise.MixKey(Shared(er, Public(ei)));
        noise.MixKey(Shared(er, Public(si)));
        noise.MixKeyAndHash(psk);
        noise.SealAndHash(Message(1, "payload"), 0, Message(1, "payload").Length, second, 32);
        Assert.Equal(Message(1, "ciphertext"), second);
        Assert.Equal(Field("handshake_hash"), noise.CopyHash());

        byte[] byInitiator = new byte[32], byResponder = new byte[32];
        noise.Split(byInitiator, byResponder);
        foreach ((int index, byte[] key, long counter) in new[] { (2, byInitiator, 0L), (3, byResponder, 0L), (4, byInitiator, 1L), (5, byResponder, 1L) })
        {
            byte[] payload = Message(index, "payload"), sealedPayload = new byte[payload.Length + 16];
            suite.CreateAeadKey(key, 0).Seal(counter, payload, 0, payload.Length, sealedPayload, 0);
            Assert.Equal(Message(index, "ciphertext"), sealedPayload);
        }

    }
}
