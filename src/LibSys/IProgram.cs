namespace LibSys;

/// <summary>A program: code that only asks. Await only what <see cref="Sys"/> offers.</summary>
public interface IProgram
{
    /// <summary>The program's text; its result is the exit status, 0 to 255.</summary>
    ValueTask<int> Main(Sys sys);
}
