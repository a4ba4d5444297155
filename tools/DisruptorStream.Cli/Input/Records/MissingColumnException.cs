namespace DisruptorStream.Cli.Input.Records;

/// <summary>An input has no such column, or it cannot be told which one is meant.</summary>
internal sealed class MissingColumnException : Exception
{
    public MissingColumnException(string message, string column)
        : base(message) => Column = column;

    /// <summary>The column that was asked for.</summary>
    public string Column { get; }
}
