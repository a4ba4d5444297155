namespace DisruptorStream.Cli.Input;

/// <summary>Finds the fields that a job asks for in a record.</summary>
internal abstract class RecordFormat
{
    /// <summary>Whether the first record names the columns.</summary>
    public abstract bool HasHeader { get; }

    public static RecordFormat Create(InputFormat format, IReadOnlyList<string> fields) => format switch
    {
        InputFormat.Csv => new CsvFormat(fields),
        _ => new NdjsonFormat(fields),
    };

    /// <summary>Takes the names of the columns.</summary>
    /// <exception cref="MissingColumnException">A column that is asked for is not there.</exception>
    public abstract void ReadHeader(ReadOnlySpan<byte> record);

    /// <summary>Fills the table. Returns what is wrong with the record; null when nothing is.</summary>
    public abstract string? Read(ReadOnlySpan<byte> record, FieldTable fields);
}
