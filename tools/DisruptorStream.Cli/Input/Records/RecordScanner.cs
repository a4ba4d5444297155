namespace DisruptorStream.Cli.Input.Records;

/// <summary>Finds where a record ends, and what it is made of, in bytes that come in portions.</summary>
internal abstract class RecordScanner
{
    /// <summary>The line breaks within the record.</summary>
    public int Breaks { get; protected set; }

    /// <summary>How many bytes the record has, without the line break that ends it.</summary>
    public int Length { get; protected set; }

    /// <summary>Goes on from where it was.</summary>
    /// <param name="bytes">What there is, from the beginning of the record.</param>
    /// <param name="isAtEnd">Whether no more will come.</param>
    /// <returns>The length with the line break that ends the record; -1 when its end is not there yet.</returns>
    public abstract int Scan(ReadOnlySpan<byte> bytes, bool isAtEnd);

    /// <summary>Makes ready for the next record.</summary>
    public abstract void Reset();

    /// <summary>The record is too long: this many of its bytes are gone, and it is only looked for its end.</summary>
    public abstract void Discard(int bytes);
}
