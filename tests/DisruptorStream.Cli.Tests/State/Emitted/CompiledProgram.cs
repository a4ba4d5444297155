using System.Diagnostics;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace DisruptorStream.Cli.Tests.State.Emitted;

/// <summary>A program of files of C#, which runs in a process of its own.</summary>
internal sealed class CompiledProgram
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private readonly string _assembly;

    private CompiledProgram(string assembly) => _assembly = assembly;

    /// <summary>Compiles a program against what this test uses.</summary>
    /// <param name="directory">Where it lies; it is made, and what it needs is copied there.</param>
    /// <param name="files">The files of its code, as they are on the disk.</param>
    public static CompiledProgram Make(string directory, params string[] files)
    {
        var references = ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!)
            .Split(Path.PathSeparator)
            .Select(path => MetadataReference.CreateFromFile(path));
        var compilation = CSharpCompilation.Create(
            Path.GetFileName(directory),
            files.Select(file => CSharpSyntaxTree.ParseText(File.ReadAllText(file), path: file)),
            references,
            new CSharpCompilationOptions(
                OutputKind.ConsoleApplication, nullableContextOptions: NullableContextOptions.Enable));
        Directory.CreateDirectory(directory);
        var assembly = Path.Combine(directory, $"{Path.GetFileName(directory)}.dll");
        var result = compilation.Emit(assembly);
        Assert.True(result.Success, string.Join(Environment.NewLine, result.Diagnostics));

        var own = AppContext.BaseDirectory;
        foreach (var library in Directory.GetFiles(own, "*.dll"))
            File.Copy(library, Path.Combine(directory, Path.GetFileName(library)));
        File.Copy(
            Path.Combine(own, $"{typeof(CompiledProgram).Assembly.GetName().Name}.runtimeconfig.json"),
            Path.ChangeExtension(assembly, "runtimeconfig.json"));
        return new CompiledProgram(assembly);
    }

    /// <summary>Runs it to its end.</summary>
    /// <returns>Its exit code, and all that it wrote.</returns>
    public async Task<(int ExitCode, string Output)> RunAsync(params string[] arguments)
    {
        var start = new ProcessStartInfo(Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet")
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = Path.GetDirectoryName(_assembly)!,
        };
        foreach (var argument in (string[])["exec", _assembly, .. arguments])
            start.ArgumentList.Add(argument);
        using var process = Process.Start(start)!;
        using var guard = new CancellationTokenSource(Patience);
        try
        {
            var (output, error) = (
                process.StandardOutput.ReadToEndAsync(guard.Token), process.StandardError.ReadToEndAsync(guard.Token));
            await process.WaitForExitAsync(guard.Token);
            return (process.ExitCode, await output + await error);
        }
        finally
        {
            if (!process.HasExited)
                process.Kill(entireProcessTree: true);
        }
    }
}
