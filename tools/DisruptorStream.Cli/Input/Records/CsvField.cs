namespace DisruptorStream.Cli.Input.Records;

/// <summary>Where a field of a record is, without the quotes around it.</summary>
internal readonly record struct CsvField(int Start, int Length, CsvFieldKind Kind);
