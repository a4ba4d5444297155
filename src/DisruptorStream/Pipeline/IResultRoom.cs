using DisruptorStream.Emission.Merging;

namespace DisruptorStream.Pipeline;

/// <summary>Waits for room in a full result ring, which the emitting thread makes.</summary>
internal interface IResultRoom
{
    /// <summary>Returns when there may be room.</summary>
    /// <param name="ring">The ring.</param>
    /// <param name="unfinished">The first slot of which rows may be missing in it.</param>
    /// <exception cref="OperationCanceledException">The processor was aborted, or has failed.</exception>
    void Await(ResultRing ring, long unfinished);
}
