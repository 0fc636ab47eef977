using System;
using System.Collections.Generic;
using System.Threading;
using System.Threading.Channels;
using System.Threading.Tasks;
using MeshIoT.Health;
using Microsoft.Data.Sqlite;

namespace MeshIoT.Coordinator;

/// <summary>
/// The one place where the tailnet changes. Operations queue up, one thread applies them in order, as many as are waiting go to disk
/// in one transaction, and only then is the next <see cref="Tailnet"/> published and are their callers answered:
/// what was acknowledged is on disk and visible; what was not leaves no trace.
/// </summary>
internal sealed class StateWriter : IAsyncDisposable
{
    const int MaxQueued = 8192, MaxBatch = 512;

    readonly Database database;
    readonly Channel<Operation> queue = Channel.CreateBounded<Operation>(new BoundedChannelOptions(MaxQueued) { SingleReader = true });
    readonly TaskCompletionSource stopped = new(TaskCreationOptions.RunContinuationsAsynchronously);
    Tailnet current;

    readonly TimeProvider time;
    readonly List<ITailnetObserver> observers = [];

    public StateWriter(Database database, TimeProvider? time = null)
    {
        (this.database, this.time) = (database, time ?? TimeProvider.System);
        current = database.Load(this.time.GetUtcNow());
        new Thread(Run) { Name = "state writer", IsBackground = true }.Start();
    }

    /// <summary>The tailnet as last published. Never waits.</summary>
    public Tailnet Current => Volatile.Read(ref current);

    /// <summary>Lets <paramref name="observer"/> know of every change that has become durable, on the writer's thread: it must not wait.</summary>
    public void Observe(ITailnetObserver observer)
    {
        lock (observers)
        {
            observers.Add(observer);
        }
    }

    /// <summary>True when so many operations wait that new work should be turned away.</summary>
    public bool IsBusy => queue.Reader.Count > MaxQueued / 2;

    /// <summary>
    /// Applies <paramref name="change"/>, which looks at and edits the tailnet and must not wait; completes when its effect is durable.
    /// When it throws, nothing of it remains and the exception comes back here.
    /// </summary>
    /// <exception cref="FaultException">The disk refused, or the writer has stopped.</exception>
    public async Task<T> ChangeAsync<T>(Func<TailnetEdit, T> change)
    {
        Operation<T> operation = new(change);
        try
        {
            await queue.Writer.WriteAsync(operation).ConfigureAwait(false);
        }
        catch (ChannelClosedException)
        {
            throw Faults.StateWriteFailed.With("it is shutting down").ToException();
        }

        return await operation.Done.Task.ConfigureAwait(false);
    }

    /// <summary>Finishes what is queued and ends.</summary>
    public async ValueTask DisposeAsync()
    {
        queue.Writer.TryComplete();
        await stopped.Task.ConfigureAwait(false);
    }

    void Run()
    {
        List<Operation> batch = new(MaxBatch);
        while (queue.Reader.WaitToReadAsync().AsTask().GetAwaiter().GetResult())
        {
            batch.Clear();
            while (batch.Count < MaxBatch && queue.Reader.TryRead(out Operation? next))
            {
                batch.Add(next);
            }

            Apply(batch);
        }

        stopped.SetResult();
    }

    void Apply(List<Operation> batch)
    {
        TailnetEdit edit = new(current, time.GetUtcNow());
        foreach (Operation operation in batch)
        {
            Tailnet before = edit.Current;
            int auditMark = edit.AuditMark;
            if (!operation.TryApply(edit))
            {
                edit.Undo(before, auditMark);
            }
        }

        edit.WorkOutAccess();

        try
        {
            if (edit.HasChanges)
            {
                database.Save(edit);
            }
        }
        catch (SqliteException e)
        {
            FaultException fault = Faults.StateWriteFailed.With($"SQLite error {e.SqliteErrorCode}").ToException(e);
            batch.ForEach(o => o.Fail(fault));
            return;
        }

        Publish(edit);
        batch.ForEach(o => o.Complete());
    }

    void Publish(TailnetEdit edit)
    {
        bool shows = edit.Current.Revision != current.Revision;
        Volatile.Write(ref current, edit.Current);
        if (!shows)
        {
            return;
        }

        lock (observers)
        {
            foreach (ITailnetObserver observer in observers)
            {
                observer.Published(edit);
            }
        }
    }

    abstract class Operation
    {
        public abstract bool TryApply(TailnetEdit edit);

        public abstract void Complete();

        public abstract void Fail(Exception reason);
    }

    sealed class Operation<T>(Func<TailnetEdit, T> change) : Operation
    {
        T? result;
        Exception? refusal;

        public TaskCompletionSource<T> Done { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public override bool TryApply(TailnetEdit edit)
        {
            try
            {
                result = change(edit);
                return true;
            }
            catch (Exception e)
            {
                // It belongs to the caller, who is on another thread.
                refusal = e;
                return false;
            }
        }

        public override void Complete()
        {
            if (refusal is null)
            {
                Done.SetResult(result!);
            }
            else
            {
                Done.SetException(refusal);
            }
        }

        public override void Fail(Exception reason) => Done.SetException(refusal ?? reason);
    }
}
