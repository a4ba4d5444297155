using DisruptorStream.Emission;

namespace DisruptorStream.Pipeline;

/// <summary>
/// Makes room in a full result ring: by emitting on the same thread, or by waiting for the thread that does.
/// </summary>
internal interface IResultRoom
{
    /// <summary>Returns when there may be room.</summary>
    /// <exception cref="OperationCanceledException">The processor was aborted, or has failed.</exception>
    void Await(ResultRing ring);
}
