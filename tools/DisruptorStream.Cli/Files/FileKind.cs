namespace DisruptorStream.Cli.Files;

/// <summary>What a path or a descriptor stands for.</summary>
internal enum FileKind
{
    /// <summary>Bytes on a disk.</summary>
    Regular,

    Folder,

    /// <summary>A pipe or a socket: what one side writes the other reads, once.</summary>
    Pipe,

    /// <summary>A terminal, or a device such as /dev/null.</summary>
    Device,
}
