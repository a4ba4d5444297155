namespace DisruptorStream.Cli.Output;

/// <summary>How results are written.</summary>
internal enum OutputFormat
{
    Csv,
    Ndjson,
    Table,
}
