using MeshIoT.Crypto;
using Xunit;

namespace MeshIoT.WireGuard.Tests;

/// <summary>Which session goes where. Fact sheet, section 1.4.</summary>
public class KeypairSlotsTests
{
    readonly IndexTable indexes = new(new ScriptedRandom(1));
    readonly RecordingSuite suite = new(new SodiumSuite());
    readonly WireGuardPeer peer = new WireGuardDevice(new SodiumSuite(), new ScriptedRandom(1), new Tai64nClock(0), new byte[32]).AddPeer(new byte[32], null);
    readonly KeypairSlots slots;

    public KeypairSlotsTests() => slots = new KeypairSlots(indexes);

    Keypair Fresh(bool isInitiator) =>
        new(peer, suite.CreateAeadKey(new byte[32], 0), suite.CreateAeadKey(new byte[32], 0), isInitiator, indexes.NewIndex(), 7, 0, 64);

    void Expect(Keypair? previous, Keypair? current, Keypair? next)
    {
        Assert.Equal((previous, current, next), (slots.Previous, slots.Current, slots.Next));
        int live = (previous == null ? 0 : 1) + (current == null ? 0 : 1) + (next == null ? 0 : 1);
        Assert.Equal((live, live * 2), (indexes.Count, suite.LiveKeys));
        foreach (Keypair? keypair in new[] { previous, current, next })
        {
            Assert.True(keypair == null || indexes.Lookup(keypair.LocalIndex) == keypair);
        }
    }

    [Fact]
    public void An_initiators_sessions_move_from_current_to_previous_to_nothing()
    {
        Keypair a = Fresh(true), b, c;
        slots.InstallAsInitiator(a);
        Expect(null, a, null);
        slots.InstallAsInitiator(b = Fresh(true));
        Expect(a, b, null);
        slots.InstallAsInitiator(c = Fresh(true));
        Expect(b, c, null);
    }

    [Fact]
    public void A_responders_session_waits_as_next_until_it_is_confirmed()
    {
        Keypair a = Fresh(false), b, c;
        slots.InstallAsResponder(a);
        Expect(null, null, a);
        Assert.True(slots.Confirm(a));
        Expect(null, a, null);
        Assert.False(slots.Confirm(a));
        slots.InstallAsResponder(b = Fresh(false));
        Expect(null, a, b);
        slots.InstallAsResponder(c = Fresh(false));
        Expect(null, a, c);
        Assert.True(slots.Confirm(c));
        Expect(a, c, null);
        Assert.False(slots.Confirm(a));
        slots.InstallAsResponder(Fresh(false));
        Assert.Null(slots.Previous);
    }

    [Fact]
    public void An_unconfirmed_next_becomes_previous_when_our_own_handshake_wins()
    {
        Keypair a, b, c;
        slots.InstallAsInitiator(a = Fresh(true));
        slots.InstallAsResponder(b = Fresh(false));
        Expect(null, a, b);
        slots.InstallAsInitiator(c = Fresh(true));
        Expect(b, c, null);
        slots.Clear();
        Expect(null, null, null);
    }
}
