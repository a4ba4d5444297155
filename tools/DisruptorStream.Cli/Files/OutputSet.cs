namespace DisruptorStream.Cli.Files;

/// <summary>
/// The outputs of a job. What their files had is replaced when all of them are written, and not before.
/// </summary>
/// <remarks>A job that does not end when it is told to is left alone, and its outputs are ended without it.</remarks>
internal sealed class OutputSet : IDisposable
{
    private readonly Lock _turn = new();
    private readonly List<OutputStream> _outputs = [];
    private bool _isEnded;

    /// <summary>Opens a file, or the standard output; waits for the reader of a named pipe.</summary>
    /// <exception cref="OutputException">It cannot be opened.</exception>
    public OutputStream Open(string path)
    {
        var output = OutputFiles.Open(path);
        lock (_turn)
        {
            if (!_isEnded)
            {
                _outputs.Add(output);
                return output;
            }
        }

        output.Dispose();
        throw new OperationCanceledException();
    }

    /// <summary>All that belongs into the outputs is written.</summary>
    /// <exception cref="OutputException">One cannot be written.</exception>
    public void Complete()
    {
        // A disk that is full shows here, while nothing is replaced.
        foreach (var output in _outputs)
            output.Flush();
        foreach (var output in _outputs)
            output.Complete();
    }

    /// <summary>The job was interrupted: what it has written is kept, and an output that has nothing is left.</summary>
    /// <exception cref="OutputException">One cannot be written.</exception>
    public void KeepWritten()
    {
        foreach (var output in End())
        {
            if (output.HasBytes)
                output.Complete();
        }
    }

    /// <summary>Gives up what is not complete.</summary>
    public void Dispose()
    {
        foreach (var output in End())
            output.Dispose();
    }

    private OutputStream[] End()
    {
        lock (_turn)
        {
            _isEnded = true;
            return [.. _outputs];
        }
    }
}
