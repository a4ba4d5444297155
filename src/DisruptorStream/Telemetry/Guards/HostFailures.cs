using DisruptorStream.Messages;

namespace DisruptorStream.Telemetry.Guards;

/// <summary>Counts what the host's logger, clock and listeners threw: it is swallowed, and nothing ends.</summary>
/// <remarks>Any thread.</remarks>
internal sealed class HostFailures
{
    private long _count;

    /// <summary>Calls that threw.</summary>
    public long Count => Volatile.Read(ref _count);

    // Pairs with the read in Count. The exception itself is not kept: it may hold much of the host.
    public void Note() => Interlocked.Increment(ref _count);

    /// <summary>The message of an exception of the host's, whose own code may throw as well.</summary>
    public static string TextOf(Exception? failure)
    {
        try
        {
            return failure?.Message ?? "";
        }
        catch (Exception)
        {
            return $"an exception of the type {TypeText.Of(failure!.GetType())}, whose message cannot be read";
        }
    }
}
