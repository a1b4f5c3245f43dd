namespace Microkernel.Objects;

/// <summary>Threads waiting in line, linked through their control blocks; a thread is in at most
/// one.</summary>
public sealed class TcbQueue
{
    private Tcb? tail;

    /// <summary>The first in line, or null.</summary>
    public Tcb? Head { get; private set; }

    /// <summary>Whether nobody waits.</summary>
    public bool IsEmpty => Head is null;

    internal void Enqueue(Tcb thread)
    {
        thread.Queue = this;
        thread.QueueNext = null;
        thread.QueuePrevious = tail;
        if (tail is null)
        {
            Head = thread;
        }
        else
        {
            tail.QueueNext = thread;
        }

        tail = thread;
    }

    internal void EnqueueFirst(Tcb thread)
    {
        thread.Queue = this;
        thread.QueuePrevious = null;
        thread.QueueNext = Head;
        if (Head is null)
        {
            tail = thread;
        }
        else
        {
            Head.QueuePrevious = thread;
        }

        Head = thread;
    }

    internal Tcb? Dequeue()
    {
        var thread = Head;
        if (thread is not null)
        {
            Remove(thread);
        }

        return thread;
    }

    internal void Remove(Tcb thread)
    {
        if (thread.QueuePrevious is null)
        {
            Head = thread.QueueNext;
        }
        else
        {
            thread.QueuePrevious.QueueNext = thread.QueueNext;
        }

        if (thread.QueueNext is null)
        {
            tail = thread.QueuePrevious;
        }
        else
        {
            thread.QueueNext.QueuePrevious = thread.QueuePrevious;
        }

        thread.Queue = null;
        thread.QueueNext = null;
        thread.QueuePrevious = null;
    }
}
