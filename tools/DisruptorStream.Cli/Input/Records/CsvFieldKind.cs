namespace DisruptorStream.Cli.Input.Records;

/// <summary>How a field is written.</summary>
internal enum CsvFieldKind
{
    Plain,

    /// <summary>In double quotes.</summary>
    Quoted,

    /// <summary>In double quotes, with doubled ones inside that mean one.</summary>
    Escaped,

    /// <summary>Something follows its closing quote.</summary>
    Broken,

    /// <summary>Its quote is never closed.</summary>
    Unclosed,
}
