using DisruptorStream.Emission.Reading;

namespace DisruptorStream;

/// <summary>The result buffer is full and nobody reads it, so that waiting for room would never end.</summary>
/// <remarks>Nothing is lost: read the results, or attach a reader, and go on.</remarks>
public sealed class ResultBufferFullException : StreamProcessorException
{
    /// <summary>Creates one without a message.</summary>
    public ResultBufferFullException()
    {
    }

    /// <summary>Creates one with a message that says how full the buffer is and what to do.</summary>
    public ResultBufferFullException(string message)
        : base(message)
    {
    }

    /// <summary>Creates one with a message and its cause.</summary>
    public ResultBufferFullException(string message, Exception? innerException)
        : base(message, innerException)
    {
    }

    internal static ResultBufferFullException OfReader(in FullBuffer full, TimeSpan waited) => new(
        $"The {full.Name} of {full.Capacity} results is full and its reader has read nothing for {waited}; let it read "
        + "on, and do not wait for the processor between two results.");

    internal static ResultBufferFullException OfStop(string processor, in FullBuffer full) => new(
        full.Reader is null
            ? $"The processor '{processor}' cannot end yet, because its result buffer of {full.Capacity} results is "
                + "full and nobody reads it; call ReadResultsAsync, read to the end, and call StopAsync again."
            : $"The processor '{processor}' cannot end yet, because the {full.Name} of {full.Capacity} results is full "
                + "and nobody reads it; read from it to the end, or dispose it, and call StopAsync again.");

    internal static ResultBufferFullException OfGate(long sequence) => new(
        $"As many results are held back as may be, from sequence {sequence} on, because what they depend on is not "
        + "safe yet; wait until it is, and publish the event again.");

    internal static ResultBufferFullException Of(in FullBuffer full) => new(
        $"The {full.Name} of {full.Capacity} results is full and nobody reads it; {full.Advice}.");
}
