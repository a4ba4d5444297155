namespace DisruptorStream.Cli.Input;

/// <summary>How an input is written.</summary>
internal enum InputFormat
{
    Csv,
    Ndjson,
}
