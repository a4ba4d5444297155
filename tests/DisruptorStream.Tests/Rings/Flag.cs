using DisruptorStream.Rings;

namespace DisruptorStream.Tests.Rings;

/// <summary>A condition that a test sets, and that counts how often it was asked.</summary>
internal sealed class Flag : IWaitCondition
{
    private bool _isMet;
    private long _asked;

    public bool IsMet
    {
        get
        {
            Interlocked.Increment(ref _asked);
            return Volatile.Read(ref _isMet);
        }

        set => Volatile.Write(ref _isMet, value);
    }

    public long Asked => Interlocked.Read(ref _asked);
}
