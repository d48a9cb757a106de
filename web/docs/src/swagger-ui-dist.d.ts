/** Swagger UI's bundle brings no types; this is the part that is used here. */
declare module 'swagger-ui-dist/swagger-ui-es-bundle.js' {
  interface Options {
    url: string
    dom_id: string
    deepLinking: boolean
    docExpansion: 'list' | 'full' | 'none'
    filter: boolean
    tryItOutEnabled: boolean
    persistAuthorization: boolean
    validatorUrl: string | null
  }
  export default function SwaggerUIBundle(options: Options): unknown
}
