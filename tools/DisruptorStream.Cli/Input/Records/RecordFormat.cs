using DisruptorStream.Cli.Input.Rows;

namespace DisruptorStream.Cli.Input.Records;

/// <summary>Finds the fields that a job asks for in a record.</summary>
internal abstract class RecordFormat
{
    /// <summary>Finds the records of the format, which are then read before the next one is looked for.</summary>
    public abstract RecordScanner Scanner { get; }

    /// <summary>Whether the first record names the columns.</summary>
    public abstract bool HasHeader { get; }

    /// <summary>Whether an option or a byte order mark says how the input is written.</summary>
    public bool IsEncodingSaid { get; set; }

    /// <param name="format">How the records are written.</param>
    /// <param name="fields">The names of the fields; null for one that the input does not have.</param>
    /// <param name="isRagged">Whether a record may have more or fewer fields than the header.</param>
    public static RecordFormat Create(InputFormat format, IReadOnlyList<string?> fields, bool isRagged = false) =>
        format == InputFormat.Csv ? new CsvFormat(fields, isRagged) : new NdjsonFormat(fields);

    /// <summary>Takes the names of the columns.</summary>
    /// <exception cref="MissingColumnException">A column that is asked for is not there, or there twice.</exception>
    /// <exception cref="InvalidDataException">The header cannot be read.</exception>
    public abstract void ReadHeader(ReadOnlySpan<byte> record);

    /// <summary>Fills the table. Returns what is wrong with the record; null when nothing is.</summary>
    /// <param name="record">The record that the scanner has found.</param>
    /// <param name="line">The line on which it begins.</param>
    /// <param name="fields">Where the fields go.</param>
    public abstract string? Read(ReadOnlySpan<byte> record, long line, FieldTable fields);

    /// <summary>
    /// Reads ordinary records together, behind the header: those of one line, with nothing odd about them.
    /// </summary>
    /// <param name="bytes">What there is, from the beginning of a record.</param>
    /// <param name="parser">Makes rows of their fields.</param>
    /// <param name="rows">Where they go.</param>
    /// <param name="lastTicks">The last time that they may have.</param>
    /// <returns>Their length; 0 where the first one is odd, later, or not there whole.</returns>
    public abstract int ReadRows(PaddedBytes bytes, RowParser parser, RowBatch rows, long lastTicks);

    /// <summary>What is wrong with a record that is longer than any may be.</summary>
    public virtual string DescribeTooLong(long line) => $"is longer than {RecordReader.MaxRecordBytes >> 20} MB";

    /// <summary>Whether a record is nothing but the end of its line.</summary>
    public abstract bool IsBlank(ReadOnlySpan<byte> record);

    /// <summary>Adds what the lines have shown of the fields.</summary>
    public virtual void AddTo(FieldSightings sightings)
    {
    }
}
