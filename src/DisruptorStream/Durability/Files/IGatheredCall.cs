namespace DisruptorStream.Durability.Files;

/// <summary>One call of the system that writes parts, and may write fewer bytes than there are.</summary>
internal interface IGatheredCall
{
    /// <summary>Writes a beginning of the parts, at least a byte where there is one, or throws.</summary>
    /// <returns>How many bytes were written.</returns>
    long Write(long offset, ReadOnlySpan<FilePart> parts);
}
