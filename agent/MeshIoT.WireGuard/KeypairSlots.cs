namespace MeshIoT.WireGuard;

/// <summary>
/// The three sessions a peer may have at a time. We send with <see cref="Current"/> only, and receive with all three:
///
/// <code>
///   as initiator (response arrived)         as responder (initiation answered)     first packet under next
///   previous := next, else current          previous := none                       previous := current
///   next     := none                        next     := new                        current  := next
///   current  := new                                                                next     := none
/// </code>
///
/// The responder waits for that first packet because until then the initiation might be a replay: only its sender can make one that opens.
/// </summary>
internal sealed class KeypairSlots
{
    readonly IndexTable indexes;

    public KeypairSlots(IndexTable indexes) => this.indexes = indexes;

    public Keypair? Current { get; private set; }

    public Keypair? Previous { get; private set; }

    public Keypair? Next { get; private set; }

    public bool IsEmpty => Current == null && Previous == null && Next == null;

    public void InstallAsInitiator(Keypair fresh)
    {
        Drop(Previous);
        if (Next != null)
        {
            Previous = Next;
            Next = null;
            Drop(Current);
        }
        else
        {
            Previous = Current;
        }

        Current = fresh;
        indexes.Put(fresh);
    }

    public void InstallAsResponder(Keypair fresh)
    {
        Drop(Next);
        Drop(Previous);
        Previous = null;
        Next = fresh;
        indexes.Put(fresh);
    }

    /// <summary>A packet opened under this keypair; true when that confirmed the next one.</summary>
    public bool Confirm(Keypair used)
    {
        if (used != Next)
        {
            return false;
        }

        Drop(Previous);
        Previous = Current;
        Current = Next;
        Next = null;
        return true;
    }

    public void Clear()
    {
        Drop(Current);
        Drop(Previous);
        Drop(Next);
        Current = Previous = Next = null;
    }

    void Drop(Keypair? keypair)
    {
        if (keypair != null)
        {
            indexes.Remove(keypair);
            keypair.Wipe();
        }
    }
}
