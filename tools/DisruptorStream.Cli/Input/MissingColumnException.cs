namespace DisruptorStream.Cli.Input;

/// <summary>An input has no such column.</summary>
internal sealed class MissingColumnException : Exception
{
    public MissingColumnException(string message, string column)
        : base(message) => Column = column;

    /// <summary>The column that was asked for.</summary>
    public string Column { get; }
}
